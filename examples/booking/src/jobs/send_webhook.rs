//! The job `send_webhook`.

use std::net::{IpAddr, ToSocketAddrs};
use std::time::Duration;

use graphwright::model;
use serde_json::json;

use crate::App;
use crate::generated as gw;

impl gw::SendWebhook for App {
    async fn run(&self, cx: &gw::JobContext, args: gw::SendWebhookArgs) -> gw::JobResult {
        let Some(webhook) = model::find::<gw::Webhook>(cx, args.webhook).await? else {
            return Ok(gw::Outcome::Discard(
                "the host has deleted the webhook".to_owned(),
            ));
        };
        // The receiver may be told twice, as after a lost answer: the key lets it notice.
        let body =
            json!({ "event": "BOOKED", "booking": args.booking, "key": cx.job_id().to_string() });
        let local = self.local_webhooks;
        let status =
            tokio::task::spawn_blocking(move || post(&webhook.url, &body.to_string(), local))
                .await??;
        cx.log(format!("answered {status}"));
        match status {
            200..=299 => Ok(gw::Outcome::Done),
            410 => Ok(gw::Outcome::Discard(
                "the receiver is gone (410)".to_owned(),
            )),
            _ => Err(gw::Error::internal(format!(
                "the receiver answered {status}"
            ))),
        }
    }
}

/// Sends a body and answers the status. Follows no redirect, so that the address that was checked is the one called.
fn post(url: &str, body: &str, local: bool) -> gw::Result<u16> {
    if !local {
        only_public(url)?;
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(15)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let response = agent
        .post(url)
        .header("content-type", "application/json")
        .send(body)?;
    Ok(response.status().as_u16())
}

/// Refuses addresses of this machine and its network: a host's webhook must not reach what only we can reach.
fn only_public(url: &str) -> gw::Result<()> {
    let refuse = |why: &str| {
        Err(gw::Error::internal(format!(
            "the webhook {url} is refused: {why}"
        )))
    };
    let Ok(uri) = url.parse::<ureq::http::Uri>() else {
        return refuse("it is no address");
    };
    let Some(host) = uri.host() else {
        return refuse("it names no host");
    };
    let port = uri.port_u16().unwrap_or(80);
    let mut addresses = (host.trim_matches(['[', ']']), port).to_socket_addrs()?;
    if addresses.any(|address| !is_public(address.ip())) {
        return refuse("it is not public");
    }
    Ok(())
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            !(ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast())
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(v4) => is_public(v4.into()),
            None => {
                !(ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_own_network_are_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["93.184.216.34", "2606:2800:220:1::1"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }
}
