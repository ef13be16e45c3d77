namespace MongoDB.Driver;

/// <summary>How a query runs that is put together by calls.</summary>
public class FindOptions : FindOptionsBase;
