def has_one_of_permissions(requestor, permissions):
    if not permissions:
        return True
    return requestor is not None and any(
        requestor.has_perm(permission) for permission in permissions
    )
