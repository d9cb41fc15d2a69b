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
# Mount your own over these two to change settings, connectors or routes.
COPY config ./config
COPY routes ./routes
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
ENV AEP_DATA_DIR=/data AEP_HEALTH_PORT=8077
# A stop finishes the definitions in work: give it time (docker stop --time 100).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$AEP_HEALTH_PORT && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^UP' <&3"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-jar", "bin/aep-dataflows.jar"]
