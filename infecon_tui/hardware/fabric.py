"""How accelerators are linked: inside the fast domain (scale-up) and beyond it (scale-out).

`link_Bps` is always per accelerator and in one direction. Vendors often quote the sum of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from infecon_tui.slots import Info

_LINK = Info(help="bandwidth per GPU, one direction", above=0, bits=True, label="link in node")
_DOMAIN = Info(
    help="GPUs that reach each other at this speed", low=1, step="pow2", label="GPUs in node"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """All-to-all through switches: NVSwitch, NVL72, UALink."""

    kind: ClassVar = "switched"
    link_Bps: Annotated[float, _LINK]
    domain: Annotated[int, _DOMAIN] = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Every accelerator of a node wired to every other: Infinity Fabric, Gaudi."""

    kind: ClassVar = "mesh"
    link_Bps: Annotated[float, _LINK]
    domain: Annotated[int, _DOMAIN] = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Torus:
    """Neighbours only, in two or three dimensions: TPU, Trainium."""

    kind: ClassVar = "torus"
    link_Bps: Annotated[float, _LINK]
    domain: Annotated[
        int | None,
        Info(help="GPUs in one pod", low=1, none="unknown", step="pow2", label="GPUs in pod"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBus:
    """No link of their own: accelerators talk over the host's PCIe."""

    kind: ClassVar = "pcie"
    link_Bps: Annotated[float, _LINK]
    domain: Annotated[
        int, Info(help="GPUs in one host", low=1, step="pow2", label="GPUs in node")
    ] = 8


Fabric = Switched | Mesh | Torus | HostBus
"""The kinds of scale-up fabric; this union is their registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The scale-out network between domains: InfiniBand, Ethernet, ICI across pods."""

    link_Bps: Annotated[
        float,
        Info(
            help="bandwidth per GPU beyond the node, one direction",
            above=0,
            bits=True,
            label="link between nodes",
        ),
    ]
