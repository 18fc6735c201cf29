"""A small shop, played through: `./dev demo`. Not part of the package."""
