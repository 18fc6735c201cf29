class InsufficientStock(Exception):
    def __init__(self, items):
        super().__init__("Insufficient stock")
        self.items = items


class PermissionDenied(Exception):
    def __init__(self, message=None, *, permissions=None):
        names = ", ".join(permission.name for permission in permissions or ())
        super().__init__(
            message or f"To access this path, you need one of the following permissions: {names}"
        )
        self.permissions = permissions
