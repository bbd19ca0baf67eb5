"""All settings, grouped by topic. Every value an institution may change is read from
the environment by `config.env`; `.env.example` explains each."""

from pathlib import Path

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# The installation ---------------------------------------------------------------
DEBUG = env.boolean("DEBUG", default=False)
# The one-command size: local outbox instead of SMTP, everything under VAR.
EMBEDDED = env.boolean("EMBEDDED", default=False)
VAR = env.folder("VAR", BASE_DIR / "var")
SECRET_KEY = env.secret("SECRET_KEY", VAR / "secret-key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
INSTITUTION = env.text("INSTITUTION", "Midtveis")

# What it is made of ---------------------------------------------------------------
INSTALLED_APPS = [
    "notifications.apps.NotificationsConfig",
    "workflows.apps.WorkflowsConfig",
    "register.apps.RegisterConfig",
    "django_filters",
    "django_htmx",
    "template_partials",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "config.sign_in.apps.SignInConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PersonalLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SignInFirst",
    "config.sign_in.gates.SecondFactorFirst",
    "config.sign_in.gates.FreshSignIn",
    "config.sign_in.gates.LastSeen",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.renderer.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]

# What it remembers ------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{VAR}/midtveis.sqlite3")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Failed sign-ins are counted here: all web processes must count together, and signing
# in must not depend on the broker. A migration makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Whoever tries many names must not push out what was counted for one.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
MEDIA_ROOT = VAR / "files"  # private: served only by a view that checks the right
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = env.integer("UPLOAD_LIMIT_MB", 50, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Who may come in ------------------------------------------------------------------
AUTH_USER_MODEL = "register.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "workflows:my-work"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
    ),
]
HTTPS = env.boolean("HTTPS", default=not (EMBEDDED or DEBUG))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# How one signs in -------------------------------------------------------------------
# Roles whose holders need a second factor, and how old a sign-in may be to decide.
SECOND_FACTOR_ROLES = env.words("SECOND_FACTOR_ROLES")
FRESH_MINUTES = env.integer("FRESH_MINUTES", 5, least=1)
# Off without an issuer; see docs/howto/sign-in.md.
OIDC_ISSUER = env.issuer("OIDC_ISSUER")
OIDC_NAME = env.text("OIDC_NAME", "your institution")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", "")
OIDC_SCOPES = env.text("OIDC_SCOPES", "openid profile email").split()
# Somebody must be able to come in.
LOCAL_SIGN_IN = env.boolean("LOCAL_SIGN_IN", default=True) or not OIDC_ISSUER
# Addresses are counted for the lock-out; each proxy in front adds one to the header.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("PROXIES", 0)
ACCOUNT_ADAPTER = "config.sign_in.adapters.Accounts"
ACCOUNT_FORMS = {
    "login": "config.sign_in.forms.SignInForm",
    "reauthenticate": "config.sign_in.forms.ConfirmByPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    # Five failures with one user name, sixty from one address, in five minutes.
    "login_failed": "5/5m/key,60/5m/ip",
    "login": None,
}
MFA_FORMS = {
    "authenticate": "config.sign_in.forms.CodeForm",
    "reauthenticate": "config.sign_in.forms.ConfirmByCodeForm",
    "activate_totp": "config.sign_in.forms.AppForm",
    "add_webauthn": "config.sign_in.forms.PasskeyForm",
}
MFA_ADAPTER = "config.sign_in.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = f"Midtveis {INSTITUTION}".removesuffix(" Midtveis")
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
# `config.sign_in.gates.FreshSignIn` asks instead, in one way for all pages.
MFA_REAUTHENTICATION_REQUIRED = False
SOCIALACCOUNT_ADAPTER = "config.sign_in.adapters.Institution"

# Language and time ----------------------------------------------------------------
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LANGUAGE_CODE = env.choice("LANGUAGE", "en", ("nb", "nn", "en"))
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "Europe/Oslo")

# Pages ----------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STATIC_ROOT = None if EMBEDDED or DEBUG else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = EMBEDDED or DEBUG
PAGE_SIZE = 50

# People ---------------------------------------------------------------------------
# For so many days after somebody left, their name cannot be blanked.
KEEP_LEAVERS_NAMES = env.integer("KEEP_LEAVERS_NAMES", 365)

# Mail -----------------------------------------------------------------------------
EMAIL_BACKEND = (
    "notifications.outbox.LocalOutbox"
    if EMBEDDED
    else "django.core.mail.backends.smtp.EmailBackend"
)
OUTBOX = VAR / "outbox"
globals().update(env.mail("EMAIL_URL"))
EMAIL_TIMEOUT = 20
# How long a worker may hold the messages it has claimed (seconds). Half of it must be
# enough for the slowest single send: a handful of steps of EMAIL_TIMEOUT each.
MAIL_LEASE = 15 * EMAIL_TIMEOUT
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Midtveis <midtveis@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Work in the background -------------------------------------------------------------
# The database knows what is due; the broker only wakes a worker.
CELERY_BROKER_URL = env.text("BROKER_URL", f"redis+socket://{VAR}/broker.sock")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task, so that a task runs twice only after a crash.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "socket_connect_timeout": 5,
    # One more try, at once: a page must not wait for a broker that is away.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_timeout": 10,
}
# A page answers although the broker is away: the sweep finds the rows a minute later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"

# What happened ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It writes down which passkey somebody has.
    "loggers": {"fido2": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
