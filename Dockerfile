# One target a service: docker build --target enrich .
# PYTHON_IMAGE is what the services run on. BUILD_IMAGE is what they are put together on, the same unless named: one
# made from it that knows a package index or a certificate of your own leaves no trace in the result.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
ARG BUILD_IMAGE

FROM ${BUILD_IMAGE:-$PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CACHE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
ENV VIRTUAL_ENV=/app
WORKDIR /src
COPY requirements-uv.lock ./
RUN python3 -m venv /uv && /uv/bin/pip install --require-hashes -r requirements-uv.lock
RUN python3 -m venv --without-pip /app

# The dependencies are a layer of their own: sources change more often. Hashes are checked against the lock.
FROM build AS build-ingest
COPY services/ingest/requirements.lock ./
RUN /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/ingest services/ingest
RUN /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/ingest

FROM build AS build-enrich
COPY services/enrich/requirements.lock ./
RUN /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/enrich services/enrich
RUN /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/enrich

FROM build AS build-status
COPY services/status/requirements.lock ./
RUN /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/status services/status
RUN /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/status

FROM ${PYTHON_IMAGE} AS runtime
# What installs packages has no place beside a service.
RUN if python3 -m pip --version >/dev/null 2>&1; then python3 -m pip uninstall --yes pip setuptools wheel; fi \
    && useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dateline
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
COPY --from=build-ingest /app /app
# Inside a container the loopback address is nobody's: who may connect is decided by the ports that are published.
ENV DATELINE_INGEST__HTTP_HOST=0.0.0.0 DATELINE_INGEST__HTTP_PORT=8081
EXPOSE 8081
CMD ["python", "-m", "dateline_ingest"]

FROM runtime AS enrich
LABEL org.opencontainers.image.title="dateline-enrich" \
      org.opencontainers.image.description="Adds entities and resolved dates to articles, exactly once"
COPY --from=build-enrich /app /app
CMD ["python", "-m", "dateline_enrich"]

FROM runtime AS status
LABEL org.opencontainers.image.title="dateline-status" \
      org.opencontainers.image.description="The pipeline's health over HTTP"
COPY --from=build-status /app /app
ENV DATELINE_STATUS__HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-ISc", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('DATELINE_STATUS__PORT', '8080')}/livez\", timeout=4)"]
CMD ["python", "-m", "dateline_status"]
