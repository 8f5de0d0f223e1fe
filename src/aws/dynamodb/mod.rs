//! DynamoDB: the records of registered faces.

mod records;

pub use records::FaceTable;
