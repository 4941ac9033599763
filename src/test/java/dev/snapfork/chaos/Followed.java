package dev.snapfork.chaos;

import java.io.IOException;

/** What a consumer of the events makes of them is what the API answers: for one that followed all the while, and for one that begins. */
final class Followed {
    private final Cluster cluster;
    private final Persistent api;
    private final Journal journal;

    Followed(Cluster cluster, Persistent api, Journal journal) {
        this.cluster = cluster;
        this.api = api;
        this.journal = journal;
    }

    void check() throws IOException, InterruptedException {
        if (cluster.subscriber().isEmpty()) {
            journal.count("no Node: nobody followed the events");
            return;
        }
        var subscriber = cluster.subscriber().get();
        var list = api.get("/snapshots").answer().json();
        Waiting.until("the subscriber that followed tells what the API does", () -> list.equals(subscriber.told()));
        var late = subscriber.fromTheTopicAlone();
        if (!late.equals(list)) {
            journal.violation("from the topic alone the list is " + late + " and the API says " + list);
        }
        journal.count("snapshots told by the subscribers", list.size());
    }
}
