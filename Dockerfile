# One image, three commands: compose.yaml starts it as web, worker and beat.
FROM python:3.13-slim AS packages
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MIDTVEIS_VAR=/var/lib/midtveis
# A fixed number, so that the owner of the volume's files can be named from outside.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin midtveis \
    && install --directory --owner midtveis --group midtveis --mode 700 "$MIDTVEIS_VAR"
WORKDIR /srv/midtveis
COPY --from=packages /venv /venv
COPY . .
# The key is for this one step: no file is signed with it and the image does not keep it.
RUN MIDTVEIS_SECRET_KEY=only-to-collect python manage.py collectstatic --no-input
USER midtveis
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000"]
