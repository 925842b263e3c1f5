"""YAML in and out, and the library of specs. The only reader of YAML."""
