//! Mail reaches an SMTP server on loopback: envelope, parts, attachments; refusals come back in words.
//!
//! The server is forty lines of RFC 5321, enough to hear what was said.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use crate::transcript::printed;

/// Takes one mail, or refuses its receiver; gives what was said to it.
fn server(refuses: bool) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut out = stream.try_clone().unwrap();
        let mut said = Vec::new();
        let mut in_data = false;
        out.write_all(b"220 sink ESMTP\r\n").unwrap();
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            said.push(line.clone());
            let answer: &[u8] = match line.split(':').next().unwrap_or_default() {
                "." if in_data => {
                    in_data = false;
                    b"250 taken\r\n"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                "QUIT" => {
                    out.write_all(b"221 bye\r\n").unwrap();
                    break;
                }
                "RCPT TO" if refuses => b"550 no such mailbox here\r\n",
                _ => b"250 fine\r\n",
            };
            out.write_all(answer).unwrap();
        }
        said
    });
    (port, thread)
}

#[test]
fn a_report_is_mailed_with_its_attachment() {
    let (port, heard) = server(false);
    let code = format!(
        "write_text(\"sizes.csv\", \"Name,Size\\n\");\n\
         send_mail(#{{ Server: \"127.0.0.1\", Port: {port}, Security: \"none\", From: \"Exchange <ops@contoso.com>\",\n\
         To: [\"ann@contoso.com\", \"bob@contoso.com\"], Bcc: \"carol@contoso.com\", Subject: \"Sizes\",\n\
         Body: \"see the file\", Html: \"<b>see the file</b>\", Attachments: \"sizes.csv\" }});\nprint(\"sent\");"
    );
    assert_eq!(printed(&code), "sent");
    let said = heard.join().unwrap();
    for line in [
        "MAIL FROM:<ops@contoso.com>",
        "RCPT TO:<ann@contoso.com>",
        "RCPT TO:<bob@contoso.com>",
        "RCPT TO:<carol@contoso.com>",
        "Subject: Sizes",
        "see the file",
        "<b>see the file</b>",
    ] {
        assert!(said.iter().any(|heard| heard == line || heard.starts_with(line)), "{line} was not said in {said:#?}");
    }
    assert!(said.iter().any(|line| line.contains("filename=\"sizes.csv\"")), "{said:#?}");
    assert!(!said.iter().any(|line| line.starts_with("Bcc")), "a hidden receiver is named in the mail");
}

#[test]
fn what_the_server_refuses_is_said_in_its_words() {
    let (port, heard) = server(true);
    let code = format!(
        "send_mail(#{{ Server: \"127.0.0.1\", Port: {port}, Security: \"none\", From: \"ops@contoso.com\",\n\
         To: \"nobody@contoso.com\", Subject: \"x\", Body: \"y\" }});"
    );
    let said = printed(&code);
    assert!(said.contains("no such mailbox here"), "{said}");
    heard.join().unwrap();
}

#[test]
fn a_password_never_travels_in_the_clear() {
    let said = printed(
        "send_mail(#{ Server: \"mail.contoso.com\", Security: \"none\", Credential: demo_credential(),\n\
         From: \"ops@contoso.com\", To: \"ann@contoso.com\", Subject: \"x\", Body: \"y\" });",
    );
    assert!(said.contains("unencrypted") && said.contains("starttls"), "{said}");
}
