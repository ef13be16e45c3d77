using System.Text.Json.Serialization;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>The protocol's answers about server and model, under its own names.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <inheritdoc cref="ServerMetadata"/>
internal sealed record ServerLive(bool Live);

/// <inheritdoc cref="ServerMetadata"/>
internal sealed record ServerReady(bool Ready);

/// <inheritdoc cref="ServerMetadata"/>
internal sealed record ModelReady(string Name, bool Ready);

/// <inheritdoc cref="ServerMetadata"/>
internal sealed record ModelMetadata(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs);

/// <param name="Name">As the model names it.</param>
/// <param name="Datatype">The protocol's name of the element type.</param>
/// <param name="Shape">-1 where a dimension is free.</param>
/// <param name="Parameters">What the protocol leaves to servers.</param>
internal sealed record TensorMetadata(
    string Name, string Datatype, IReadOnlyList<int> Shape, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TensorParameters? Parameters);

/// <param name="Labels">The classes, one for each number of a row.</param>
internal sealed record TensorParameters(IReadOnlyList<string> Labels);

/// <inheritdoc cref="ServerMetadata"/>
internal sealed record RepositoryEntry(string Name, string Version, string State, string Reason);

/// <param name="Error">What was wrong and what is needed.</param>
internal sealed record ErrorAnswer(string Error);
