# SPDX-License-Identifier: Apache-2.0
# An image of one file. Builds with BuildKit, with Docker's classic builder and
# with buildah; TARGETARCH, which the first and the last set, is cross-compiled.
ARG BASE=debian:trixie-slim

# Not ${BUILDPLATFORM} alone: the classic builder does not know it. Nor does
# buildah 1.28, which wants a machine too: --build-arg BUILDPLATFORM=linux/amd64.
FROM --platform=${BUILDPLATFORM:-linux} ${BASE} AS build
ARG TARGETARCH
WORKDIR /src
COPY scripts/setup scripts/cross scripts/
RUN scripts/setup build "cross-$TARGETARCH"
COPY . .
RUN make -j "$(nproc)" CC="$(scripts/cross compiler "$TARGETARCH")" && \
    scripts/check-static build/dtr-trust

FROM scratch
ARG VERSION=0.2.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
# Where the sources are that it is built from; who publishes it says so.
ARG URL=https://example.com/dtr-trust
LABEL org.opencontainers.image.title="dtr-trust" \
      org.opencontainers.image.description="Makes Docker trust a private registry" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.vendor="The dtr-trust maintainers" \
      org.opencontainers.image.url="${URL}" \
      org.opencontainers.image.source="${URL}" \
      org.opencontainers.image.documentation="${URL}#readme"
# Tells the program that what it writes beside a mount is lost.
ENV container=dtr-trust
COPY --from=build /src/build/dtr-trust /dtr-trust
ENTRYPOINT ["/dtr-trust"]
