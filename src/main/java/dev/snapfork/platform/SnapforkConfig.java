package dev.snapfork.platform;

import dev.snapfork.instance.ByteSize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Everything that can be configured under {@code snapfork.}; the README's table says the same. */
@ConfigMapping(prefix = "snapfork")
public interface SnapforkConfig {
    /** Holds guests, snapshots, staging and trash; one filesystem, shared by all workers. */
    Path dataDir();

    /** What this process does. */
    @WithDefault("api,worker,projection,scheduler")
    Set<Role> roles();

    /** A name that is this process's alone and outlives it, such as a host's; its Kafka consumers join their groups by it. */
    Optional<String> instanceId();

    Auth auth();

    Topics topics();

    Worker worker();

    Answer answer();

    Compression compression();

    Api api();

    Idempotency idempotency();

    FaultInjection faults();

    Scrub scrub();

    Schedule schedule();

    Machines machines();

    /** The parts that one process or many can play. */
    enum Role {
        API,
        WORKER,
        PROJECTION,
        SCHEDULER
    }

    /** Bearer tokens. */
    interface Auth {
        @WithDefault("true")
        boolean enabled();

        /** The HMAC secret itself; at least 32 bytes. */
        Optional<String> secret();

        /** A file that holds the secret; white space around it does not count. */
        Optional<Path> secretFile();

        Oidc oidc();
    }

    /** An OpenID provider whose access tokens are taken as well. */
    interface Oidc {
        /** As its tokens have it in {@code iss}; its metadata are looked up below it. */
        Optional<URI> issuer();

        /** What its tokens must have in {@code aud}. */
        Optional<String> audience();

        /** Where its keys are, if its metadata are not to be asked. */
        Optional<URI> jwksUrl();
    }

    /** The topics that are made when they are missing. */
    interface Topics {
        @WithDefault("12")
        int partitions();

        @WithDefault("1")
        short replication();

        /** How long commands and dead letters are kept. */
        @WithDefault("7D")
        Duration commandRetention();

        /** How long every event is kept before only the latest of each aggregate is. */
        @WithDefault("30D")
        Duration eventHistory();
    }

    /** Limits of a worker. */
    interface Worker {
        /** Commands in work or waiting for their key's turn; more are left in the log. */
        @WithDefault("64")
        int maxInFlight();

        /** Compressions in work at once; they share the codec's threads. */
        @WithDefault("1")
        int compressionJobs();

        /** Captures, forks and restores in work at once. */
        @WithDefault("4")
        int copyJobs();

        /** Threads of the memory codec; 0 means one a processor. */
        @WithDefault("0")
        int codecThreads();

        /** Raw bytes that all compressions together take on in a second; 0 is no limit. */
        @WithDefault("0")
        @WithConverter(ByteSizeConverter.class)
        ByteSize compressionRate();

        /** What decoded memory that is kept for further forks may occupy on disk; 0 keeps none. */
        @WithDefault("4GB")
        @WithConverter(ByteSizeConverter.class)
        ByteSize forkCache();

        /** What forks, captures and restores leave free on the disk, for manifests and deletes. */
        @WithDefault("64MB")
        @WithConverter(ByteSizeConverter.class)
        ByteSize keepFree();

        /** How long after its first failure work that the disk failed is tried again. */
        @WithDefault("10S")
        Duration retryLimit();

        /** How long to wait for PostgreSQL or Kafka before trying again. */
        @WithDefault("10S")
        Duration attemptLimit();
    }

    /** Faults on purpose, for tests of what happens then. */
    interface FaultInjection {
        @WithDefault("false")
        boolean enabled();

        /** What is to happen and when; passed over unless enabled. */
        Optional<String> plan();
    }

    /** How long a call waits for its command. */
    interface Answer {
        @WithDefault("60S")
        Duration waitLimit();
    }

    /** What a process takes on at once; it answers 429 to what is beyond. */
    interface Api {
        /** Requests whose answers are not out yet. */
        @WithDefault("4096")
        int maxRequests();

        /** Bytes that the bodies of these requests may have together. */
        @WithDefault("32MB")
        @WithConverter(ByteSizeConverter.class)
        ByteSize maxBodyBytes();

        /** Calls that publish a command or wait for its end; 1 to 4096. */
        @WithDefault("1024")
        int maxWaiting();

        /** Clients that follow the events; each has a buffer of its own. */
        @WithDefault("256")
        int maxStreams();

        /** Commands that have not ended, of all processes together; 0 is no bound. */
        @WithDefault("10000")
        int maxOpenOperations();
    }

    /** Requests that say by a key that they are the same. */
    interface Idempotency {
        /** How long a key stands for its first request; never longer than commands are kept. */
        @WithDefault("24H")
        Duration keep();
    }

    /** The check of all snapshots in the background. */
    interface Scrub {
        /** How long after its last verification, or its making, a snapshot is verified again; 0 is never. */
        @WithDefault("7D")
        Duration every();

        /** Bytes a second that all scheduled verifications of this process together read; 0 is no limit. */
        @WithDefault("64MB")
        @WithConverter(ByteSizeConverter.class)
        ByteSize rate();
    }

    /** Snapshot schedules. */
    interface Schedule {
        /** The shortest interval that a schedule may have; the contract's is a minute. */
        @WithDefault("1M")
        Duration minInterval();
    }

    /** Machines that this process runs; they are processes of their own and outlive it. */
    interface Machines {
        /** What instances run on that do not say it. */
        @WithDefault("qemu")
        String defaultHypervisor();

        /** For sockets and logs of machines, on this host; short, and this user's alone. */
        Optional<Path> runtimeDir();

        /** Memory of all machines together that run on this host; 0 is no bound. */
        @WithDefault("0")
        @WithConverter(ByteSizeConverter.class)
        ByteSize maxMemory();

        /** Processors of all machines together; 0 is no bound. */
        @WithDefault("0")
        int maxVcpus();

        /** How long a guest has to shut down. */
        @WithDefault("10S")
        Duration stopGrace();

        /** How long a monitor has to start, or to load a machine. */
        @WithDefault("30S")
        Duration launchLimit();

        /** How long a monitor has to save a machine. */
        @WithDefault("2M")
        Duration saveLimit();

        /** How long a fork waits for a word of its guest's agent; forks of guests without one take so long. */
        @WithDefault("3S")
        Duration agentWait();

        /** How long an agent has to make a fork a machine of its own. */
        @WithDefault("5S")
        Duration requiredAgentWait();

        /** How often it is looked whether machines still run. */
        @WithDefault("2S")
        Duration lookEvery();

        Qemu qemu();

        CloudHypervisor cloudHypervisor();

        Firecracker firecracker();
    }

    /** QEMU. */
    interface Qemu {
        @WithDefault("qemu-system-x86_64")
        String binary();

        /** kvm, tcg or auto, which tries whether kvm really runs a guest. */
        @WithDefault("auto")
        String accelerator();
    }

    /** Cloud Hypervisor. */
    interface CloudHypervisor {
        @WithDefault("/usr/local/bin/cloud-hypervisor")
        Path binary();
    }

    /** Firecracker. */
    interface Firecracker {
        @WithDefault("/usr/local/bin/firecracker")
        Path binary();
    }

    /** What is compressed with when neither the request nor the instance says so. */
    interface Compression {
        @WithDefault("false")
        boolean enabled();

        @WithDefault("zstd")
        String algorithm();

        Optional<Integer> level();
    }
}
