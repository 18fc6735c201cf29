import binascii

import graphene
from graphql.error import GraphQLError


def from_global_id_or_error(global_id, only_type=None, raise_error=False):
    """(type name, primary key) of a global id; GraphQLError or ("", "") for anything else."""
    try:
        type_, pk = graphene.Node.from_global_id(global_id)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        if raise_error:
            raise GraphQLError(f"Invalid ID: {global_id}.") from None
        return "", ""
    if only_type and str(only_type) != type_:
        if raise_error:
            raise GraphQLError(
                f"Invalid ID: {global_id}. Expected: {only_type}, received: {type_}."
            )
        return type_, ""
    return type_, pk
