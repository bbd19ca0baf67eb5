"""The same settings, made quick for tests. Databases and brokers of their own."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("MIDTVEIS_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("MIDTVEIS_HTTPS", "false")
os.environ["MIDTVEIS_EMBEDDED"] = "true"
os.environ.setdefault("MIDTVEIS_VAR", tempfile.mkdtemp(prefix="midtveis-test-"))
if url := os.environ.get("MIDTVEIS_TEST_DATABASE_URL"):
    os.environ["MIDTVEIS_DATABASE_URL"] = url
if url := os.environ.get("MIDTVEIS_TEST_BROKER_URL"):
    os.environ["MIDTVEIS_BROKER_URL"] = url

from config.env import SQLITE_OPTIONS
from config.settings import *  # noqa: F403
from config.settings import DATABASES, VAR

DATABASES["default"]["CONN_MAX_AGE"] = 0
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # A file, not memory: two threads and two processes must meet in one database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;",
    }

else:
    # Nothing here must outlive a power cut.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
LANGUAGE_CODE = "en"
# Static files are looked up when asked for: every test client loads the middleware
# anew, and would list them all.
WHITENOISE_AUTOREFRESH = True
