"""Settings for mypy's Django plugin: our models alone, without a host."""

SECRET_KEY = "types"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "devtools.typing_app.ModelsOnly",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
