# The app, the migration and the scheduled jobs in one image; what a container does is its command. docs/operations.md.
ARG PYTHON_TAG=3.11.14-slim-bookworm

# The packages are installed in a stage of their own: pip and its caches do not come along.
FROM python:${PYTHON_TAG} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /requirements.txt
RUN python -m venv --without-pip /opt/luotsi \
    && pip --python /opt/luotsi/bin/python install --no-cache-dir --only-binary :all: -r /requirements.txt
COPY . /app
RUN /opt/luotsi/bin/python -m compileall -q /app

FROM python:${PYTHON_TAG}
LABEL org.opencontainers.image.title="Luotsi" \
      org.opencontainers.image.licenses="EUPL-1.2"
# pg_dump and pg_restore of the server's version, for `cli.py backup` and `restore`. Security updates come with every build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get upgrade --yes --no-install-recommends \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*
# The base image's own pip is not needed to run anything.
RUN python -m pip uninstall --yes --no-input --root-user-action=ignore pip setuptools wheel \
    && groupadd --system --gid 10001 luotsi \
    && useradd --system --uid 10001 --gid luotsi --no-create-home --home-dir /data luotsi \
    && install --directory --owner luotsi --group luotsi --mode 0700 /data /backups
COPY --from=packages /opt/luotsi /opt/luotsi
COPY --from=packages /app /app
WORKDIR /app

# The root file system may be read-only: what is written goes to /data (kept) or /tmp (forgotten).
ENV PATH=/opt/luotsi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp \
    NUMBA_CACHE_DIR=/tmp \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    LUOTSI_DATA_DIR=/data \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501
USER 10001:10001
VOLUME ["/data", "/backups"]
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
# No shell in between: the app is process 1 and gets the signals itself.
CMD ["python", "-m", "streamlit", "run", "app.py"]
