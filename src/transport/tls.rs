//! The client's TLS configuration: the platform's roots, with the two checks that a session option can switch off.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::TransportError;

/// The configuration for one client; `encrypted` says whether TLS is to be used at all, since reading the
/// platform's roots takes milliseconds that a plain connection can do without.
pub(super) fn client_config(encrypted: bool, skip_ca: bool, skip_cn: bool) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let setup = |problem: rustls::Error| TransportError::TlsSetup { reason: problem.to_string() };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(setup)?;
    if !encrypted {
        return Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth());
    }
    let verifier = Lenient {
        // without the issuer, a name proves nothing: PowerShell, too, checks the name of an unknown issuer's certificate
        inner: if skip_ca && skip_cn { None } else { Some(platform(provider).map_err(setup)?) },
        algorithms,
        skip_ca,
        skip_cn,
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

fn platform(provider: Arc<CryptoProvider>) -> Result<Verifier, rustls::Error> {
    Verifier::new(provider)
}

/// The platform's verifier, less the checks that were switched off.
#[derive(Debug)]
struct Lenient {
    inner: Option<Verifier>,
    algorithms: WebPkiSupportedAlgorithms,
    skip_ca: bool,
    skip_cn: bool,
}

impl Lenient {
    /// Whether a refusal is one of those that were switched off.
    fn forgives(&self, problem: &rustls::Error) -> bool {
        let rustls::Error::InvalidCertificate(bad) = problem else { return false };
        match bad {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => self.skip_cn,
            CertificateError::UnknownIssuer | CertificateError::BadSignature => self.skip_ca,
            // a certificate that is its own issuer: the verifier has no name of its own for it
            CertificateError::Other(other) => self.skip_ca && other.to_string().contains("CaUsedAsEndEntity"),
            _ => false,
        }
    }
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(inner) = &self.inner else { return Ok(ServerCertVerified::assertion()) };
        let verified = inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let Err(problem) = verified else { return verified };
        if !self.forgives(&problem) {
            return Err(problem);
        }
        if self.skip_ca && !self.skip_cn {
            // the issuer is forgiven, the name is not, and the first refusal hid it
            let certificate = rustls::server::ParsedCertificate::try_from(end_entity)?;
            rustls::client::verify_server_name(&certificate, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
