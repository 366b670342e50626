package nlcore

// DecodeLink is decodeLink for tests of bytes.
var DecodeLink = decodeLink
