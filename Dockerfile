# docker build -t orleans-wings .
#
# The bases can be others, for example where nothing can be pulled: --build-arg RUNTIME_IMAGE=… (Linux with a shell, glibc, libstdc++,
# libssl 3, CA certificates and tzdata). docker-compose.yml beside this file runs the image; silo-config/README.md says what it needs.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG NODE_IMAGE=node:22-bookworm-slim
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0

FROM ${NODE_IMAGE} AS node

FROM ${SDK_IMAGE} AS build
# For the dashboard's scripts.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
# Compiled ahead of time, which takes packages of the compiler: --build-arg READY_TO_RUN=false where they cannot be had.
ARG READY_TO_RUN=true
RUN dotnet publish src/OrleansWings -c Release --use-current-runtime --self-contained -p:ReadyToRun=${READY_TO_RUN} -o /publish --nologo

FROM ${RUNTIME_IMAGE}
COPY --from=build /publish /opt/orleans-wings
# 988 is the games' user too: what the program makes for a game belongs to it without root. A volume that is mounted here new gets this owner.
RUN mkdir -p /var/lib/orleans-wings /etc/orleans-wings \
  && chown 988:988 /var/lib/orleans-wings && chmod 700 /var/lib/orleans-wings
ENV PATH=/opt/orleans-wings:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/var/lib/orleans-wings \
    WINGS_DATA=/var/lib/orleans-wings
# Nobody in particular: for the engine's socket the container is given the socket's group (--group-add), not root.
USER 988:988
HEALTHCHECK --interval=10s --timeout=20s --start-period=60s CMD ["orleans-wings", "health"]
ENTRYPOINT ["orleans-wings"]
