//! Hosts → those of this machine and its networks, which are not asked: a note of a stranger must
//! not make the program send requests there.
//!
//! Must not know: how a host is asked, the resolution of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// Names that no server of the public network has, and below which there are none: RFC 6761,
/// RFC 6762 (its appendix G too), RFC 8375, RFC 9476, and what routers and resolvers add.
const NAMES: [&str; 16] = [
    "alt",
    "corp",
    "example",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localdomain4",
    "localdomain6",
    "localhost",
    "private",
    "test",
];

/// The ranges of IANA's IPv4 Special-Purpose Address Registry that are not globally reachable, the
/// former relays of 6to4 (RFC 7526) and multicast (RFC 5771): the first address and the length of
/// the prefix.
const V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The same of IPv6. `2001::/23` is reserved for protocols, Teredo and ORCHID among them; the
/// public anycast addresses in it serve no pages. `fec0::/10` was for sites (RFC 3879).
const V6: [(Ipv6Addr, u32); 12] = [
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 63),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// True if a host is of this machine or its networks, by its name or its address alone.
pub(super) fn is_local_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_local_name(name),
        Host::Ipv4(address) => is_local(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_local(IpAddr::V6(*address)),
    }
}

/// True if a name is local. One without a dot is: no top-level domain has pages (RFC 7085), and
/// resolvers look it up in the domain of this machine.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if !name.contains('.') {
        return true;
    }
    NAMES.iter().any(|local| {
        name.strip_suffix(local).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// True if an address is of this machine or its networks.
pub(super) fn is_local(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V4(address) => return is_local_v4(address),
        IpAddr::V6(address) => address,
    };
    let bits = address.to_bits();
    let is_in =
        |&(first, length): &(Ipv6Addr, u32)| (bits ^ first.to_bits()).leading_zeros() >= length;
    V6.iter().any(is_in) || contained(address).is_some_and(is_local_v4)
}

fn is_local_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    V4.iter().any(|(first, length)| (bits ^ first.to_bits()).leading_zeros() >= *length)
}

/// The IPv4 address to which a gateway passes on what is sent to this one: of the compatible
/// (RFC 4291 §2.5.5.1), mapped (§2.5.5.2) and translated (RFC 2765) ones, of NAT64 (RFC 6052) and
/// of 6to4 (RFC 3056).
fn contained(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => {
            Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn is_local_url(url: &str) -> bool {
        is_local_host(&Url::parse(url).unwrap().host().unwrap())
    }

    #[test]
    fn local_names() {
        for name in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "localhost.localdomain",
            "localhost6.localdomain6",
            "ip6-localhost",
            "router",
            "router.",
            "fritz.box.local",
            "printer.local",
            "metadata.google.internal",
            "nas.home.arpa",
            "nas.lan",
            "wiki.corp",
            "wiki.intranet",
            "ｌｏｃａｌｈｏｓｔ",
            "x.test",
            "x.example",
            "x.invalid",
        ] {
            assert!(is_local_url(&format!("http://{name}/")), "{name}");
        }
        for name in ["example.org", "mylocalhost.org", "notlocal.net", "home.arpa.org", "例子.中国"]
        {
            assert!(!is_local_url(&format!("http://{name}/")), "{name}");
        }
    }

    #[test]
    fn local_addresses() {
        for address in [
            "0.0.0.0",
            "0x7f.1",
            "2130706433",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:0:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::169.254.169.254]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[100:0:0:1::1]",
            "[2001::1]",
            "[2001:2::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[3fff::1]",
            "[5f00::1]",
            "[fc00::1]",
            "[fdff::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[feff::1]",
            "[ff02::1]",
        ] {
            assert!(is_local_url(&format!("http://{address}/")), "{address}");
        }
    }

    #[test]
    fn public_addresses() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "100.63.255.255",
            "100.128.0.1",
            "169.253.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::808:808]",
            "[2001:200::1]",
            "[2001:4860:4860::8888]",
            "[2002:808:808::1]",
            "[2606:4700::1111]",
        ] {
            assert!(!is_local_url(&format!("http://{address}/")), "{address}");
        }
    }
}
