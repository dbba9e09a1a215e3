// Prints the first records of a topic as JSON, one per line: node kafkajs.mjs SERVERS TOPIC COUNT FOLDER
import {createRequire} from 'node:module';

const [servers, topic, count, folder] = process.argv.slice(2);
const require = createRequire(folder + '/');
const {Kafka, CompressionCodecs, CompressionTypes, logLevel} = require('kafkajs');
const zlib = require('node:zlib');
// KafkaJS has gzip alone. Node has zstd since 22.15, before that the package fzstd reads it; lz4-napi reads LZ4.
if (zlib.zstdDecompressSync) {
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async (encoder) => zlib.zstdCompressSync(encoder.buffer),
    decompress: async (buffer) => zlib.zstdDecompressSync(buffer),
  });
} else {
  try {
    const {decompress} = require('fzstd');
    CompressionCodecs[CompressionTypes.ZSTD] = () => ({decompress: async (buffer) => Buffer.from(decompress(buffer))});
  } catch {}
}
try {
  const {decompressFrame} = require('lz4-napi');
  CompressionCodecs[CompressionTypes.LZ4] = () => ({decompress: decompressFrame});
} catch {}
const kafka = new Kafka({brokers: servers.split(','), logLevel: logLevel.ERROR});
// Committed records alone are its default: readUncommitted is false.
const consumer = kafka.consumer({groupId: `kafkajs-${process.pid}`});
let seen = 0;
consumer.on(consumer.events.CRASH, ({payload}) => { if (!payload.restart) { console.error(String(payload.error)); process.exit(1); } });
await consumer.connect();
await consumer.subscribe({topic, fromBeginning: true});
await consumer.run({
  eachMessage: async ({message}) => {
    console.log(JSON.stringify([message.key.toString(), message.value.toString(), message.headers.ce_id.toString()]));
    if (++seen == Number(count)) process.exit(0);
  },
});
