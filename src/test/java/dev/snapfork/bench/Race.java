package dev.snapfork.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs contenders by turns, so that what disturbs the machine disturbs all of them. */
record Race(int warmUps, int runs) {
    /** Returns what each took, in the order given. What the turns for warming up took does not count. */
    List<Samples> between(List<? extends Contender> contenders) throws IOException {
        var samples = new ArrayList<List<Sample>>();
        contenders.forEach(contender -> samples.add(new ArrayList<>()));
        for (var turn = -warmUps; turn < runs; turn++) {
            for (var i = 0; i < contenders.size(); i++) {
                var sample = contenders.get(i).run();
                if (turn >= 0) {
                    samples.get(i).add(sample);
                }
            }
        }
        return samples.stream().map(Samples::new).toList();
    }
}
