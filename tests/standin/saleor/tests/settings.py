from saleor.settings import *

CELERY_TASK_ALWAYS_EAGER = True
PUBLIC_URL = "https://example.com"
SECRET_KEY = "NOTREALLY"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PLUGINS: list[str] = []
