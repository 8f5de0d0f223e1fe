//! The errors that Rekognition answers with: exact names, exact statuses.

use std::fmt;

/// A refusal as Rekognition words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// Which exception.
    pub kind: ErrorKind,
    /// What it says; never holds image data.
    pub message: String,
}

/// The exceptions. Their spelling is a contract: clients switch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No signature on the request.
    MissingAuthenticationToken,
    /// The caller may not do that.
    AccessDenied,
    /// No such operation, or one that the simulator does not offer.
    UnknownOperation,
    /// The body is no JSON of the right shape.
    Serialization,
    /// A parameter breaks its rule, or an image that must show a face shows none.
    InvalidParameter,
    /// The bytes are neither JPEG nor PNG.
    InvalidImageFormat,
    /// More bytes than allowed.
    ImageTooLarge,
    /// The object cannot be read.
    InvalidS3Object,
    /// A token that was not issued for this listing.
    InvalidPaginationToken,
    /// The collection is there already.
    ResourceAlreadyExists,
    /// No such collection, user or face.
    ResourceNotFound,
    /// The user is there already.
    Conflict,
    /// A token that came with other parameters before.
    IdempotentParameterMismatch,
    /// No such liveness session, or one long gone.
    SessionNotFound,
    /// Too many of something.
    ServiceQuotaExceeded,
    /// Over the operation's rate.
    ProvisionedThroughputExceeded,
    /// Too sudden a rise of the rate.
    Throttling,
    /// The service failed.
    InternalServer,
}

impl ErrorKind {
    /// Every exception, for looking one up by name.
    pub const ALL: [Self; 18] = [
        Self::MissingAuthenticationToken,
        Self::AccessDenied,
        Self::UnknownOperation,
        Self::Serialization,
        Self::InvalidParameter,
        Self::InvalidImageFormat,
        Self::ImageTooLarge,
        Self::InvalidS3Object,
        Self::InvalidPaginationToken,
        Self::ResourceAlreadyExists,
        Self::ResourceNotFound,
        Self::Conflict,
        Self::IdempotentParameterMismatch,
        Self::SessionNotFound,
        Self::ServiceQuotaExceeded,
        Self::ProvisionedThroughputExceeded,
        Self::Throttling,
        Self::InternalServer,
    ];

    /// Its name on the wire. `InternalServerError` really has no `Exception` at its end.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::AccessDenied => "AccessDeniedException",
            Self::UnknownOperation => "UnknownOperationException",
            Self::Serialization => "SerializationException",
            Self::InvalidParameter => "InvalidParameterException",
            Self::InvalidImageFormat => "InvalidImageFormatException",
            Self::ImageTooLarge => "ImageTooLargeException",
            Self::InvalidS3Object => "InvalidS3ObjectException",
            Self::InvalidPaginationToken => "InvalidPaginationTokenException",
            Self::ResourceAlreadyExists => "ResourceAlreadyExistsException",
            Self::ResourceNotFound => "ResourceNotFoundException",
            Self::Conflict => "ConflictException",
            Self::IdempotentParameterMismatch => "IdempotentParameterMismatchException",
            Self::SessionNotFound => "SessionNotFoundException",
            Self::ServiceQuotaExceeded => "ServiceQuotaExceededException",
            Self::ProvisionedThroughputExceeded => "ProvisionedThroughputExceededException",
            Self::Throttling => "ThrottlingException",
            Self::InternalServer => "InternalServerError",
        }
    }

    /// Its HTTP status: everything that the caller can mend is 400, whatever its name suggests.
    #[must_use]
    pub const fn status(self) -> u16 {
        if matches!(self, Self::InternalServer) { 500 } else { 400 }
    }

    /// The exception of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What AWS documents as its text.
    #[must_use]
    pub const fn usual_message(self) -> &'static str {
        match self {
            Self::MissingAuthenticationToken => "Missing Authentication Token",
            Self::AccessDenied => "You are not authorized to perform this operation.",
            Self::UnknownOperation => "Unknown operation.",
            Self::Serialization => "The request body cannot be read.",
            Self::InvalidParameter => "Request has invalid parameters.",
            Self::InvalidImageFormat => "Request has invalid image format.",
            Self::ImageTooLarge => "Image size is too large.",
            Self::InvalidS3Object => {
                "Unable to get object metadata from S3. Check object key, region and/or access permissions."
            }
            Self::InvalidPaginationToken => "Invalid Pagination Token",
            Self::ResourceAlreadyExists => "The resource already exists.",
            Self::ResourceNotFound => "The resource does not exist.",
            Self::Conflict => "The user exists already.",
            Self::IdempotentParameterMismatch => "The ClientRequestToken is already in use.",
            Self::SessionNotFound => "The session does not exist.",
            Self::ServiceQuotaExceeded => "A service quota is exceeded.",
            Self::ProvisionedThroughputExceeded => "Provisioned Rate exceeded.",
            Self::Throttling => "Slow down; sudden increase in rate of requests.",
            Self::InternalServer => "Internal server error",
        }
    }
}

impl ApiError {
    /// An exception with words of its own.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// A parameter that breaks its rule.
    pub fn parameter(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidParameter, message)
    }

    /// The answer of operations that need a face when the image shows none that can be used.
    #[must_use]
    pub fn no_face() -> Self {
        Self::parameter("There are no faces in the image. Should be at least 1.")
    }
}

impl From<ErrorKind> for ApiError {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind, kind.usual_message())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for ApiError {}
