"""Named efficiencies of one accelerator fitted to measurements of it."""
