namespace Embedded.MongoDB.Storage;

/// <summary>A write was not begun, because what an earlier one left half done could not be taken back.</summary>
internal sealed class UndoException(Exception cause) : Exception("an earlier transaction cannot be undone, and no write is taken until it is", cause);
