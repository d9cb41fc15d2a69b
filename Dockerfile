# docker build -t aep-dataflows .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY config ./config
COPY routes ./routes
COPY src ./src
RUN mvn -q -B package -DskipTests

FROM eclipse-temurin:17-jre
WORKDIR /opt/aep-dataflows
COPY --from=build /build/target/aep-dataflows.jar ./bin/
COPY --from=build /build/target/lib ./bin/lib
# Mount your own over these two to change settings, connectors or routes; and over bin/ext, which is empty, jars that they need.
COPY config ./config
COPY routes ./routes
COPY src/build/archive.sh /tmp/
RUN /tmp/archive.sh bin/aep-dataflows.jar config/examples/crm.yaml bin/aep-dataflows.jsa && rm /tmp/archive.sh
RUN mkdir bin/ext /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
ENV AEP_DATA_DIR=/data AEP_OPS_PORT=8077 AEP_OPS_BIND=0.0.0.0 MALLOC_ARENA_MAX=2
# A stop finishes the definitions in work, for 25 seconds at most: give it time (docker stop --time 30).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$AEP_OPS_PORT && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^UP' <&3"]
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-Xms24m", "-XX:MaxRAMPercentage=75", "-XX:MinHeapFreeRatio=15", "-XX:MaxHeapFreeRatio=30", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=48m", "-Xss512k", "-XX:+ExitOnOutOfMemoryError", "-XX:SharedArchiveFile=bin/aep-dataflows.jsa", "-Xlog:cds*=off", "-cp", "bin/aep-dataflows.jar:bin/ext/*", "io.github.aepdataflows.Application"]
CMD ["run"]
