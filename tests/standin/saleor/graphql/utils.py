def get_user_or_app_from_context(context):
    return context.app or context.user
