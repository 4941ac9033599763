// Rebuilds Snapfork's list of snapshots from the topic of its events alone: what GET /snapshots answers, without asking the API.
//
//   node subscriber.mjs --once                    prints the list as JSON, and ends
//   node subscriber.mjs --out snapshots.json      keeps the file as the list is, and prints a line for each change
//
// KAFKA_BOOTSTRAP_SERVERS says where Kafka is (127.0.0.1:4974). This program may start late, be killed and start again: the topic holds
// the last state of everything, so that reading it from the beginning is all there is to do.
import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';

const TOPIC = 'snapfork.events';

/** The snapshots, and what was found out about their files, each with the newest sequence that was told. */
class Catalogue {
  snapshots = new Map();
  findings = new Map();

  /** Applies a record; returns whether the list is another one now. An event may come twice, and changes nothing then. */
  apply(key, headers, value) {
    if (value === null) {
      return this.snapshots.delete(key); // a tombstone: all that compaction may have left of a deletion
    }
    const type = headers?.ce_type?.toString() ?? '';
    const sequence = BigInt(headers?.ce_sequence?.toString() ?? 0);
    const data = parsed(value);
    if (data.snapshot && type.startsWith('dev.snapfork.snapshot.')) {
      return this.#put(this.snapshots, key, sequence, type.endsWith('.deleted.v1') ? null : data.snapshot);
    }
    if (data.health?.subject === 'snapshot') {
      return this.#put(this.findings, data.health.id, sequence, data.health);
    }
    return false;
  }

  #put(map, id, sequence, state) {
    if (map.get(id)?.sequence >= sequence) {
      return false;
    }
    map.set(id, { sequence, state });
    return true;
  }

  /** As the API lists them: the newest first. */
  list() {
    return [...this.snapshots]
      .filter(([, { state }]) => state !== null)
      .map(([id, { state }]) => ({ ...state, ...this.#health(id) }))
      .sort((a, b) => compare(instant(b), instant(a)) || compare(b.id, a.id));
  }

  #health(id) {
    const finding = this.findings.get(id)?.state;
    return finding
      ? {
          health: finding.state,
          health_checked_at: finding.checked_at,
          ...(finding.error && { health_error: finding.error }),
        }
      : { health: 'unknown' };
  }
}

/** What is no JSON is nobody's event. */
const parsed = (value) => {
  try {
    return JSON.parse(value) ?? {};
  } catch {
    return {};
  }
};

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** With as many digits as there can be, so that texts compare as times do. */
const instant = ({ created_at: time }) => {
  const [seconds, fraction = ''] = time.replace('Z', '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
};

const { values: options } = parseArgs({
  options: { once: { type: 'boolean', default: false }, out: { type: 'string' } },
});
if (!options.once && !options.out) {
  console.error('Usage: node subscriber.mjs --once | --out FILE');
  process.exit(2);
}

const brokers = process.env.KAFKA_BOOTSTRAP_SERVERS ?? '127.0.0.1:4974';
const kafka = new Kafka({ clientId: 'snapfork-subscriber', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const catalogue = new Catalogue();

/** Partitions that have not been read up to where they ended when this program began. */
async function unread() {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(TOPIC);
  await admin.disconnect();
  return new Map(offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, BigInt(high)]));
}

// a group of its own that commits nothing: each start reads everything
const consumer = kafka.consumer({ groupId: `snapfork-subscriber-${randomUUID()}` });
let open;
try {
  open = await unread();
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
} catch (error) {
  console.error(`The topic ${TOPIC} cannot be read at ${brokers}: ${error.message}. Is KAFKA_BOOTSTRAP_SERVERS right?`);
  process.exit(1);
}

function publish() {
  if (options.out) {
    writeFileSync(`${options.out}.part`, JSON.stringify(catalogue.list(), null, 2));
    renameSync(`${options.out}.part`, options.out);
  }
}

async function finish(status) {
  await consumer.disconnect();
  process.exit(status);
}

function caughtUp() {
  publish();
  if (options.once) {
    console.log(JSON.stringify(catalogue.list(), null, 2));
    setImmediate(() => finish(0));
  } else {
    console.log(`the list has ${catalogue.list().length} snapshots; following`);
  }
}

await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    const following = open.size === 0;
    let changed = false;
    for (const { key, headers, value } of batch.messages) {
      if (catalogue.apply(key?.toString(), headers, value)) {
        changed = true;
        if (following) {
          console.log(`${headers?.ce_type ?? 'tombstone'} ${key}`);
        }
      }
    }
    const end = open.get(batch.partition);
    if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) {
      open.delete(batch.partition);
      if (open.size === 0) {
        caughtUp();
      }
    } else if (following && changed) {
      publish();
    }
  },
});
if (open.size === 0) {
  caughtUp(); // there was nothing to read
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => finish(0));
}
