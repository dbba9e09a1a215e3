# One image a service: docker build --build-arg SERVICE=enrich --tag dateline/enrich .
# SERVICE is ingest, pages, enrich, sinks or status. The services run on PYTHON_IMAGE. They are installed on BUILD_IMAGE, by default the
# same: derive one from it for a package index or a certificate of your own; nothing of it is in the final image.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG BUILD_IMAGE
ARG SERVICE

FROM ${BUILD_IMAGE:-$PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
ENV VIRTUAL_ENV=/app
WORKDIR /src
COPY requirements-uv.lock ./
RUN python3 -m venv /uv && /uv/bin/pip install --require-hashes -r requirements-uv.lock
RUN python3 -m venv --without-pip /app

# The dependencies are a layer of their own: sources change more often. Hashes are checked against the lock.
ARG SERVICE
COPY services/${SERVICE}/requirements.lock ./
RUN /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY LICENSE NOTICE ./
COPY schemas schemas
COPY sdk sdk
COPY web web
COPY services/${SERVICE} services/${SERVICE}
# The service's own metadata says which of the workspace's packages it needs.
RUN for each in schemas sdk web services/${SERVICE}; do \
        /uv/bin/uv build --wheel --out-dir /wheels $each || exit 1; \
    done && if [ "${SERVICE}" = sinks ]; then all='[all]'; fi \
    && /uv/bin/uv pip install --no-index --find-links /wheels "dateline-${SERVICE}${all}"

FROM ${PYTHON_IMAGE} AS runtime
# The final image has no installer.
RUN if python3 -m pip --version >/dev/null 2>&1; then python3 -m pip uninstall --yes pip setuptools wheel; fi \
    && useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dateline \
    && install --directory --owner 10001 --group 10001 /data
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# /tmp is all that has to be writable: docker run --read-only --tmpfs /tmp
ENV DATELINE_RUNTIME__ALIVE_FILE=/tmp/dateline.alive
USER 10001:10001
WORKDIR /tmp
STOPSIGNAL SIGTERM
# The service writes the file at each heartbeat, every 5 s unless a setting says otherwise.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
    CMD ["/bin/sh", "-c", "find /tmp/dateline.alive -newermt '-60 seconds' | grep -q ."]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Dateline" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM runtime AS ingest
LABEL org.opencontainers.image.title="dateline-ingest" \
      org.opencontainers.image.description="Polls feeds and publishes their articles to Kafka, each once"
# Bind all addresses: the published ports limit access.
ENV DATELINE_INGEST__HTTP_HOST=0.0.0.0 DATELINE_INGEST__HTTP_PORT=8081
EXPOSE 8081
CMD ["python", "-m", "dateline_ingest"]

FROM runtime AS pages
LABEL org.opencontainers.image.title="dateline-pages" \
      org.opencontainers.image.description="Reads the pages of articles, politely, and publishes each once with its text"
CMD ["python", "-m", "dateline_pages"]

FROM runtime AS enrich
LABEL org.opencontainers.image.title="dateline-enrich" \
      org.opencontainers.image.description="Adds entities and resolved dates to articles, exactly once"
CMD ["python", "-m", "dateline_enrich"]

FROM runtime AS sinks
LABEL org.opencontainers.image.title="dateline-sinks" \
      org.opencontainers.image.description="Writes enriched articles to databases, files, search engines and webhooks"
# Files and SQLite databases belong in /data, on a volume.
CMD ["python", "-m", "dateline_sinks"]

FROM runtime AS status
LABEL org.opencontainers.image.title="dateline-status" \
      org.opencontainers.image.description="The pipeline's health over HTTP"
ENV DATELINE_STATUS__HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-ISc", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('DATELINE_STATUS__PORT', '8080')}/livez\", timeout=4)"]
CMD ["python", "-m", "dateline_status"]

FROM ${SERVICE}
COPY --from=build /app /app
