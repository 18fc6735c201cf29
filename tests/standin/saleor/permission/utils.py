def has_one_of_permissions(requestor, permissions):
    if not permissions:
        return True
    # The user of a request may be nobody, wrapped: false, but not None.
    return bool(requestor) and any(requestor.has_perm(permission) for permission in permissions)
