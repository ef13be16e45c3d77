using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pipeline.Inference.Models;

/// <summary>Where the model's numbers come to lie; for one thread at a time.</summary>
internal sealed class OutputTensor
{
    private readonly int _classes;
    private readonly float[] _numbers;

    /// <summary>Of a model that gives these, which no code computes with; else null.</summary>
    private readonly Float16[]? _halves;

    public OutputTensor(ModelSignature model, int maxBatch)
    {
        _classes = model.Labels.Count;
        _numbers = GC.AllocateArray<float>(maxBatch * _classes, pinned: true);
        _halves = model.OutputType == TensorElementType.Float16 ? GC.AllocateArray<Float16>(_numbers.Length, pinned: true) : null;
    }

    public OrtValue Value(int count) => _halves is null
        ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _numbers.AsMemory(0, count * _classes), [count, _classes])
        : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halves.AsMemory(0, count * _classes), [count, _classes]);

    /// <summary>The numbers of the first images, a row each, as the model gave them.</summary>
    public Span<float> Rows(int count)
    {
        var rows = _numbers.AsSpan(0, count * _classes);
        for (var i = 0; i < rows.Length && _halves is not null; i++)
        {
            rows[i] = (float)_halves[i];
        }

        return rows;
    }
}
