import os

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
# A load balancer asks for a server's health by its address.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [os.environ["PROJECT_URL"]]
ROOT_URLCONF = "starter.urls"
WSGI_APPLICATION = "starter.wsgi.application"
INSTALLED_APPS = ["starter"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
# Its address says by which authority the database is checked, too.
DATABASES = {"default": dj_database_url.config(conn_max_age=60)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
