package dev.snapfork.hypervisor.firecracker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.snapfork.hypervisor.MachineHome;
import dev.snapfork.hypervisor.MachineSpec;
import dev.snapfork.hypervisor.TapName;
import dev.snapfork.hypervisor.http.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Firecracker is told for a machine to begin. */
record NewMachine(MachineSpec spec, MachineHome home, Duration limit) {
    static final String INTERFACE = "eth0";

    private static final int MIB = 20;

    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        calls.add(put(
                "/machine-config",
                json().put("vcpu_count", spec.vcpus()).put("mem_size_mib", spec.memoryBytes() >> MIB)));
        calls.add(put("/boot-source", kernel()));
        for (var index = 0; index < spec.disks().size(); index++) {
            var id = "disk" + index;
            calls.add(put("/drives/" + id, disk(id, spec.disks().get(index))));
        }
        if (spec.mac() != null) {
            calls.add(put(
                    "/network-interfaces/" + INTERFACE,
                    json().put("iface_id", INTERFACE)
                            .put("guest_mac", spec.mac())
                            .put("host_dev_name", TapName.of(home))));
        }
        calls.add(put("/vsock", json().put("guest_cid", Vsock.CID).put("uds_path", Vsock.PLACE)));
        calls.add(put("/actions", json().put("action_type", "InstanceStart")));
        return calls;
    }

    private ObjectNode kernel() {
        var source = json().put("kernel_image_path", spec.kernel().image().toString())
                .put("boot_args", spec.kernel().commandLine());
        if (spec.kernel().initrd() != null) {
            source.put("initrd_path", spec.kernel().initrd().toString());
        }
        return source;
    }

    /** None is called the root device: Firecracker would put a root of its own into the kernel's command line. */
    private static ObjectNode disk(String id, MachineSpec.Disk disk) {
        return json().put("drive_id", id)
                .put("is_root_device", false)
                .put("is_read_only", disk.readonly())
                .put("path_on_host", disk.file())
                .put("cache_type", "Writeback");
    }

    private Call put(String path, ObjectNode body) {
        return Call.put(path, body.toString(), limit);
    }

    static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }
}
