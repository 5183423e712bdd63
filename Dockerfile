# docker build . -t airflow
# docker run -p 8080:8080 --env-file env.list --stop-timeout 30 airflow
ARG BASE=docker.io/library/python:3.11-slim-bookworm

# The lock names everything, and all of it has wheels: nothing is resolved or compiled here.
FROM ${BASE} AS dependencies
COPY requirements.txt /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps --require-hashes --only-binary :all: --requirement /requirements.txt

FROM ${BASE}
# What .dockerignore lets through: DAGs, plugins, the package, scripts and configuration.
COPY . /opt/airflow
COPY --from=dependencies /opt/venv /opt/venv
ENV AIRFLOW_HOME=/opt/airflow \
    HOME=/tmp \
    # Any user may run this, also one without an entry in /etc/passwd; Airflow wants a name.
    USER=airflow \
    # glibc's pools for every thread would add up to hundreds of megabytes.
    MALLOC_ARENA_MAX=2 \
    PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/airflow \
    PYTHONUNBUFFERED=1 \
    # Airflow reads plugins/.airflowignore by a name that pathspec has renamed, and would say so in the log of every task.
    PYTHONWARNINGS=ignore:GitWildMatchPattern:DeprecationWarning
# Code belongs to root; only logs are written, by group 0, to which every user of the container belongs.
RUN chmod -R u=rwX,go=rX /opt/airflow \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/airflow \
    && install -d -m 0775 -g 0 /opt/airflow/logs
WORKDIR /opt/airflow
USER 50000:0
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=180s --retries=3 \
    CMD ["python", "scripts/container/healthy.py"]
ENTRYPOINT ["scripts/entrypoint.sh"]
CMD ["all"]
# Last, for they change with every commit.
ARG COMMIT=unknown
ARG VERSION=unknown
LABEL org.opencontainers.image.title="Stacks Dataverse backend" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.revision="${COMMIT}" \
    org.opencontainers.image.version="${VERSION}"
