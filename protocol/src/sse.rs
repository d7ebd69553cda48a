//! An incremental EventSource parser.
