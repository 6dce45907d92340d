//! The client that a person would write for `orders.yaml`: derived types and reqwest, nothing more.

use std::collections::HashMap;
use std::error::Error;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Orders {
    pub data: Vec<Order>,
    pub has_more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Open,
    Paid,
    Sent,
    Returned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub id: String,
    pub created: i64,
    pub status: Status,
    pub customer: Customer,
    pub lines: Vec<Line>,
    pub total: f64,
    pub currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<HashMap<String, String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub name: String,
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Address {
    pub street: String,
    pub city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    pub country: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub sku: String,
    pub title: String,
    pub quantity: i32,
    pub price: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
}

pub struct Client {
    http: reqwest::Client,
    base: reqwest::Url,
    token: String,
}

impl Client {
    pub fn new(address: &str) -> Result<Self, Box<dyn Error>> {
        // The cryptography that the emitted client brings along.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            http: reqwest::Client::builder().user_agent("orders/1").build()?,
            base: address.parse()?,
            token: "secret".to_owned(),
        })
    }

    pub async fn list(&self, shop: &str, status: &str, limit: i64) -> Result<Orders, Box<dyn Error>> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| "the base is no base")?
            .pop_if_empty()
            .extend(["shops", shop, "orders"]);
        url.query_pairs_mut()
            .append_pair("status", status)
            .append_pair("limit", &limit.to_string());
        let request = self.http.get(url).bearer_auth(&self.token);
        let request = request.header("accept", "application/json");
        let response = request
            .timeout(std::time::Duration::from_secs(60))
            .send()
            .await?
            .error_for_status()?;
        let body = response.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }
}
