"""Many orders over suppliers that fail in every way they know, while all else fails around them."""
