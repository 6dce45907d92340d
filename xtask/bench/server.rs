//! The other end: answers every request of a connection with the same page of orders.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

/// Listens on a free port of loopback, says where in a line, and serves until stdin ends.
pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    io::stdout().flush()?;
    let body = orders(3);
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let answer = answer.clone();
            std::thread::spawn(move || converse(&stream, &answer));
        }
    });
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn converse(stream: &TcpStream, answer: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut requests = BufReader::new(stream);
    let mut line = String::new();
    loop {
        line.clear();
        if requests.read_line(&mut line)? == 0 {
            return Ok(());
        }
        // The requests have no body, so that an empty line ends each.
        if line == "\r\n" {
            (&*stream).write_all(answer.as_bytes())?;
        }
    }
}

/// A page of orders, all different.
pub fn orders(count: usize) -> String {
    let mut text = String::from("{\"data\":[");
    for n in 0..count {
        let comma = if n == 0 { "" } else { "," };
        let status = ["open", "paid", "sent", "returned"][n % 4];
        let _ = write!(
            text,
            "{comma}{{\"id\":\"order_{n:08}\",\"created\":17{n:08},\"status\":\"{status}\",\
             \"customer\":{{\"name\":\"Zoë Müller {n}\",\"email\":\"zoe{n}@example.com\",\
             \"address\":{{\"street\":\"Main Street {n}\",\"city\":\"Springfield\",\"postal_code\":\"{n:05}\",\"country\":\"US\"}}}},\
             \"lines\":[{{\"sku\":\"sku-{n}\",\"title\":\"A \\\"fine\\\" teapot\",\"quantity\":{},\"price\":19.99,\"tags\":[\"kitchen\",\"tea\"]}},\
             {{\"sku\":\"sku-{n}-b\",\"title\":\"Cups, six of them\",\"quantity\":1,\"price\":{}.5,\"gift\":true}}],\
             \"total\":{}.25,\"currency\":\"EUR\",\"labels\":{{\"campaign\":\"autumn\",\"source\":\"web\"}}}}",
            n % 9 + 1,
            n % 70,
            n * 3
        );
    }
    text.push_str("],\"has_more\":true,\"next\":\"cursor\"}");
    text
}
