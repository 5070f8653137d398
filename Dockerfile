# The product as a container image: the web server by default, and every other `cxm` command.
#   docker build -t cx-maturity .
#   docker run -p 8000:8000 -v cx-maturity:/data -e CXM_PUBLIC_URL=https://cx.example.org cx-maturity
# BASE may be any Debian 12 or newer, with a Python of its own or without.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS system
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    tzdata fonts-dejavu-core fonts-freefont-ttf fonts-wqy-microhei fonts-symbola \
    $(command -v python3 >/dev/null || echo python3) \
 && rm -rf /var/lib/apt/lists/*

FROM system AS build
RUN python3 -c 'import ensurepip' 2>/dev/null \
 || { apt-get update && apt-get install --yes --no-install-recommends python3-venv; }
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY requirements.lock requirements-build.lock ./
# What installs and builds stays in this stage; the other environment is what ships, without pip.
RUN python3 -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock \
 && python3 -m venv --without-pip /opt/cxm \
 && /opt/build/bin/pip --python /opt/cxm/bin/python install --require-hashes --requirement requirements.lock
COPY pyproject.toml ./
COPY app app
COPY questionnaires questionnaires
COPY templates templates
COPY reports reports
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/build/bin/pip --python /opt/cxm/bin/python install --no-deps --no-index /wheel/*.whl

FROM system
RUN useradd --uid 10001 --user-group --create-home --shell /usr/sbin/nologin cxm \
 && install --directory --owner=cxm --group=cxm --mode=0700 /data
COPY --from=build /opt/cxm /opt/cxm
ENV PATH=/opt/cxm/bin:$PATH PYTHONUNBUFFERED=1 CXM_DATABASE_URL=sqlite:////data/cxm.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["cxm", "serve", "--host", "0.0.0.0", "--port", "8000"]
