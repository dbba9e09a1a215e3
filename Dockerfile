# One target a service: docker build --target enrich .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_LINK_MODE=copy
WORKDIR /src
COPY requirements-uv.lock ./
RUN python3 -m venv /uv && /uv/bin/pip install --require-hashes -r requirements-uv.lock
RUN python3 -m venv --without-pip /app

# The dependencies are a layer of their own: sources change more often. Hashes are checked against the lock.
FROM build AS build-ingest
COPY services/ingest/requirements.lock ./
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/ingest services/ingest
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/ingest

FROM build AS build-enrich
COPY services/enrich/requirements.lock ./
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/enrich services/enrich
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/enrich

FROM build AS build-status
COPY services/status/requirements.lock ./
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --require-hashes -r requirements.lock
COPY schemas schemas
COPY sdk sdk
COPY services/status services/status
RUN VIRTUAL_ENV=/app /uv/bin/uv pip install --no-deps ./schemas ./sdk ./services/status

FROM ${PYTHON_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Dateline" \
      org.opencontainers.image.description="Streams news articles through Kafka, enriched with entities and dates, exactly once" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin dateline
USER 10001
WORKDIR /tmp

FROM runtime AS ingest
COPY --from=build-ingest /app /app
CMD ["python", "-m", "dateline_ingest"]

FROM runtime AS enrich
COPY --from=build-enrich /app /app
CMD ["python", "-m", "dateline_enrich"]

FROM runtime AS status
COPY --from=build-status /app /app
EXPOSE 8080
CMD ["python", "-m", "dateline_status"]
