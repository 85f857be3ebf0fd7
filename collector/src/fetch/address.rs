//! Addresses: which URLs may be asked for at all, and which IP addresses lie on the open internet. Pure; dialling is `dial`'s.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Url;

use super::FetchError;

/// Parses an absolute http or https address. The parser brings every spelling of an IPv4 host (decimal, octal, hexadecimal,
/// shortened, full-width) to four numbers, so that what is checked is what is dialled.
pub(super) fn parse(text: &str) -> Result<Url, FetchError> {
    let url =
        Url::parse(text.trim()).map_err(|_| FetchError::Address { detail: "it is not a web address" })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Address { detail: "only http and https are read" });
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(FetchError::Address { detail: "it names no host" });
    }
    Ok(url)
}

/// `host:port`, for pace, permissions and messages. Holds nothing secret.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    format!("{host}:{}", url.port_or_known_default().unwrap_or(0))
}

/// Same scheme, host and port.
pub(super) fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && place(a) == place(b)
}

/// The address without user name, password and fragment.
pub(super) fn without_user(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for addresses without a host, which `parse` refuses.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}

/// Whether an address belongs to the open internet. Everything that does not surely so is private: loopback, private and shared
/// networks, link-local, benchmarks, documentation, multicast, reserved, and IPv6 forms that carry such an IPv4 address.
/// (IANA's special-purpose registries, RFC 6890.)
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = a == 0                                    // this network
        || a == 10                                          // private
        || (a == 100 && (64..128).contains(&b))             // shared by carriers
        || a == 127                                         // loopback
        || (a == 169 && b == 254)                           // link-local, cloud metadata
        || (a == 172 && (16..32).contains(&b))              // private
        || (a == 192 && b == 0 && matches!(c, 0 | 2))       // protocol assignments, documentation
        || (a == 192 && b == 31 && c == 196)                // AS112
        || (a == 192 && b == 52 && c == 193)                // AMT
        || (a == 192 && b == 88 && c == 99)                 // 6to4 relays
        || (a == 192 && b == 168)                           // private
        || (a == 192 && b == 175 && c == 48)                // AS112
        || (a == 198 && matches!(b, 18 | 19))               // benchmarks
        || (a == 198 && b == 51 && c == 100)                // documentation
        || (a == 203 && b == 0 && c == 113)                 // documentation
        || a >= 224; // multicast, reserved, broadcast
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let embedded = {
        let [w, x] = g.to_be_bytes();
        let [y, z] = h.to_be_bytes();
        Ipv4Addr::new(w, x, y, z)
    };
    // NAT64 (RFC 6052) is how an IPv6-only network reaches IPv4 hosts: judged by the host behind it.
    if (a, b, c, d, e, f) == (0x64, 0xff9b, 0, 0, 0, 0) {
        return is_public_v4(embedded);
    }
    // Only 2000::/3 is handed out; everything else is loopback, link-local, unique local, multicast, IPv4-compatible or reserved.
    let global = (a & 0xe000) == 0x2000;
    // Teredo, ORCHID, benchmarks; documentation; 6to4, which carries any IPv4 address; AS112; documentation.
    let special = match a {
        0x2001 => b < 0x200 || b == 0xdb8,
        0x2002 => true,
        0x2620 => b == 0x4f && c == 0x8000,
        0x3fff => b < 0x1000,
        _ => false,
    };
    // ISATAP carries any IPv4 address in its last four bytes.
    let isatap = f == 0x5efe && matches!(e, 0 | 0x200);
    global && !special && !isatap
}
