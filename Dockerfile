# The server with the demo site and dist/ in one binary. Build it from the repository's root: docker build -t natter .
FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package natter-server-example

FROM debian:bookworm-slim
# The roots of trust, for an upstream that speaks HTTPS.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/natter-server-example /usr/local/bin/
RUN useradd --system --home-dir /data --create-home natter
USER natter
# Notes of the contact form are kept here.
WORKDIR /data
ENV NATTER_ADDR=0.0.0.0:8787
EXPOSE 8787
# It drains on SIGTERM, which is what `docker stop` sends; see NATTER_DRAIN_SECONDS.
ENTRYPOINT ["natter-server-example"]
