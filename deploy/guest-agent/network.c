#define _GNU_SOURCE
#include "machine.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Finds the Ethernet interface with the lowest index, and its present address. */
static bool first_interface(int control, struct ifreq *request) {
    struct if_nameindex *interfaces = if_nameindex();
    bool found = false;
    for (struct if_nameindex *each = interfaces; each != NULL && each->if_index != 0 && !found; each++) {
        memset(request, 0, sizeof *request);
        snprintf(request->ifr_name, sizeof request->ifr_name, "%s", each->if_name);
        found = ioctl(control, SIOCGIFFLAGS, request) == 0 && (request->ifr_flags & IFF_LOOPBACK) == 0
            && ioctl(control, SIOCGIFHWADDR, request) == 0 && request->ifr_hwaddr.sa_family == ARPHRD_ETHER;
    }
    if_freenameindex(interfaces);
    return found;
}

/* For drivers that change the address of an interface only while it is down. */
static struct outcome set_while_down(int control, struct ifreq *wanted) {
    struct ifreq flags = {0};
    memcpy(flags.ifr_name, wanted->ifr_name, sizeof flags.ifr_name);
    if (ioctl(control, SIOCGIFFLAGS, &flags) != 0) {
        return failed_at("SIOCGIFFLAGS");
    }
    short before = flags.ifr_flags;
    flags.ifr_flags = (short)(before & ~IFF_UP);
    if (ioctl(control, SIOCSIFFLAGS, &flags) != 0) {
        return failed_at("interface down");
    }
    struct outcome outcome = ioctl(control, SIOCSIFHWADDR, wanted) == 0 ? DONE : failed_at("SIOCSIFHWADDR");
    flags.ifr_flags = before;
    return ioctl(control, SIOCSIFFLAGS, &flags) == 0 ? outcome : failed_at("interface up");
}

struct outcome set_mac(const struct machine *machine, const uint8_t mac[MAC_BYTES]) {
    if (machine->dry_run) {
        return DONE;
    }
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) {
        return failed_at("socket");
    }
    struct ifreq request;
    struct outcome outcome = DONE;
    if (!first_interface(control, &request)) {
        outcome = failed("no network interface");
    } else if (memcmp(request.ifr_hwaddr.sa_data, mac, MAC_BYTES) != 0) {
        memcpy(request.ifr_hwaddr.sa_data, mac, MAC_BYTES);
        /* while it is up if that can be: going down loses routes */
        if (ioctl(control, SIOCSIFHWADDR, &request) != 0) {
            outcome = errno == EBUSY ? set_while_down(control, &request) : failed_at("SIOCSIFHWADDR");
        }
    }
    close(control);
    return outcome;
}
