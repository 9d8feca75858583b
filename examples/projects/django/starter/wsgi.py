import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starter.settings")
application = get_wsgi_application()
# The first server brings the database up to date, before it serves.
call_command("migrate", interactive=False, verbosity=0)
