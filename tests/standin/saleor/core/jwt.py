"""Access tokens of users; the same call makes one in real Saleor."""

import datetime

import jwt
from django.conf import settings


def create_access_token(user, additional_payload=None):
    payload = {
        "email": user.email,
        "type": "access",
        "exp": datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1),
        **(additional_payload or {}),
    }
    return jwt.encode(payload, settings.SECRET_KEY, algorithm="HS256")


def user_of_token(token):
    from saleor.account.models import User

    try:
        payload = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    return User.objects.filter(email=payload.get("email"), is_active=True).first()
