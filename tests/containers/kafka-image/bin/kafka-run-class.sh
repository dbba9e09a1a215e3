#!/bin/sh
# Runs a class of Kafka with the options that the original takes from these variables.
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1} \
    -Dlog4j2.configurationFile="${KAFKA_LOG4J_FILE:-/opt/kafka/config/tools-log4j2.yaml}" ${KAFKA_OPTS:-} \
    -cp '/opt/kafka/libs/*' "$@"
