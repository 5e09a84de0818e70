# Rollcall in a container: `docker build --tag rollcall .`, then `docker run --rm -p 127.0.0.1:7655:7655 rollcall dev` to try it.
# The file system may be read-only but for /tmp and, with a SQLite store, /data.

# What is built runs on every processor, so the build runs on the machine's own.
FROM --platform=${BUILDPLATFORM:-linux/amd64} node:24-bookworm-slim AS build
WORKDIR /build
COPY . .
# Nothing that a package brings is run; what is built is ours alone.
RUN npm ci --ignore-scripts \
 && npm run build \
 && npm prune --omit=dev --ignore-scripts
# OpenTelemetry, which a package leaves to its user: nobody installs anything into an image. Versions are the lock file's.
RUN npm install --no-save --save-prod --omit=dev --ignore-scripts --loglevel=error \
      $(node -p "Object.entries(require('./package.json').devDependencies).filter(([name]) => name.startsWith('@opentelemetry/')).map((one) => one.join('@')).join(' ')")

FROM node:24-bookworm-slim
# .github/workflows/release.yml adds what a build does not know: version, revision, source and time.
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="Keeps Microsoft Teams call records and serves them through the Microsoft Graph call-records API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim"
# What runs needs Node alone: no package manager is left to be misused.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && install -d -o node -g node -m 0700 /data \
 && ln -s /app/bin/rollcall.js /usr/local/bin/rollcall
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/bin bin
COPY --from=build /build/dist dist
COPY --from=build /build/docs docs
COPY --from=build /build/node_modules node_modules
ENV NODE_ENV=production \
    ROLLCALL_HOST=0.0.0.0 \
    ROLLCALL_STORE=sqlite:/data/rollcall.db
USER 1000:1000
VOLUME /data
EXPOSE 7655
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "/app/bin/healthcheck.js"]
ENTRYPOINT ["node", "/app/bin/rollcall.js"]
CMD ["serve"]
