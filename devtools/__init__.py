"""What `./dev` runs inside its environment. Not part of the package."""
